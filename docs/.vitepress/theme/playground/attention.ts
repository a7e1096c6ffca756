/** Tells when the visitor begins to look at an element, and when no longer. The function that it gives ends that. */
export function attentionTo(element: Element, turn: (isLookedAt: boolean) => void): () => void {
  let isOnScreen = false
  const tell = (): void => turn(isOnScreen && !document.hidden)
  const observer = new IntersectionObserver((entries) => {
    isOnScreen = entries.at(-1)?.isIntersecting ?? false
    tell()
  })
  observer.observe(element)
  document.addEventListener('visibilitychange', tell)
  return () => {
    observer.disconnect()
    document.removeEventListener('visibilitychange', tell)
  }
}
