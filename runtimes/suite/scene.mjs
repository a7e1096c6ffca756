/** @typedef {import('../stage/scene.mjs').Setting & { ask(act: string): Promise<any> }} Scene the servers of one check, and how to ask them */

/** @param {string} stageUrl @returns {Promise<Scene>} */
export async function openScene(stageUrl) {
  /** @param {string} path */
  async function call(path) {
    const response = await fetch(stageUrl + path, { method: 'POST' })
    if (!response.ok) throw new Error(`${path}: ${await response.text()}`)
    return response.json()
  }
  const { id, ...setting } = await call('/scenes')
  return { ...setting, ask: (/** @type {string} */ act) => call(`/scenes/${id}/${act}`) }
}
