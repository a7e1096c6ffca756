/** Users install a plugin before or after our interceptors. Both orders, as rows of a `describe.each`. */
export const orders: readonly [string, (plugin: () => void, ours: () => void) => void][] = [
  [
    'before',
    (plugin, ours) => {
      plugin()
      ours()
    },
  ],
  [
    'after',
    (plugin, ours) => {
      ours()
      plugin()
    },
  ],
]
