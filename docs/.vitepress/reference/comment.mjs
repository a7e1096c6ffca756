/** @typedef {import('typedoc-plugin-markdown').MarkdownThemeContext} Context */
/** @typedef {import('typedoc').Comment} Comment */

/** @param {Context} context @param {Comment} comment */
export const summaryOf = (context, { summary }) => context.helpers.getCommentParts(summary)

/** @param {Context} context @param {Comment} comment */
export const tagsOf = (context, { blockTags }) =>
  paragraphs(
    blockTags.map(({ tag, content }) => {
      const text = context.helpers.getCommentParts(content)
      if (tag === '@default') return `**Default:** ${inline(text)}`
      if (tag === '@throws') return `**Throws** ${text.replace(/^\w+/, '`$&`')}.`
      return tag === '@example' && text
    }),
  )

/** @param {unknown[]} parts */
export const paragraphs = (parts) => parts.filter(Boolean).join('\n\n')

/** TypeDoc takes each default for code, and puts it in a block. One word is code; of several, those in quotes are. */
function inline(/** @type {string} */ text) {
  const bare = text.replace(/^```\w*\n|\n```$/g, '')
  return /^(?:[\w.]+|'[^']*')$/.test(bare) ? `\`${bare}\`` : bare.replace(/'[^']+'/g, '`$&`')
}
