/** Remembers the last answer: an instance has one baseURL. */
export function memoizeLast<T>(answerFor: (text: string) => T): (text: string) => T {
  let last: { readonly text: string; readonly answer: T } | undefined
  return (text) => {
    if (last?.text !== text) last = { text, answer: answerFor(text) }
    return last.answer
  }
}
