/** A page whose frames come when the test says so. */
export function page() {
  const asked = new Map<number, (at: number) => unknown>()
  let last = 0
  return {
    asked,
    frames: {
      request(callback: (at: number) => void): number {
        last += 1
        asked.set(last, callback)
        return last
      },
      cancel: (id: number): void => void asked.delete(id),
    },
    /** Resolves when all is done that was to be done in it. */
    async frame(at: number): Promise<void> {
      const callbacks = [...asked.values()]
      asked.clear()
      await Promise.all(callbacks.map((callback) => callback(at)))
    },
  }
}
