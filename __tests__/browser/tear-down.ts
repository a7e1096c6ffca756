export default function tearDown(): void {
  globalThis.project?.remove()
}
