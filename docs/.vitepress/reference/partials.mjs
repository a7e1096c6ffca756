import { LiteralType, ReferenceType, ReflectionKind, ReflectionType, UnionType } from 'typedoc'
import { paragraphs, summaryOf, tagsOf } from './comment.mjs'

/** @typedef {import('typedoc-plugin-markdown').MarkdownThemeContext} Context */
/** @typedef {import('typedoc').DeclarationReflection} Declaration */
/** @typedef {import('typedoc').SignatureReflection} Signature */
/** @typedef {{ headingLevel: number }} At */

/** What stands in for partials of typedoc-plugin-markdown. @param {Context} context */
export function partialsOf(context) {
  const { partials } = context
  const { memberWithGroups } = partials
  const typeOf = (/** @type {import('typedoc').SomeType | undefined} */ type) =>
    partials.someType(type, { forceCollapse: true })

  return {
    inheritance: () => '',
    /** @param {import('typedoc').Comment} comment */
    comment: (comment) => paragraphs([summaryOf(context, comment), tagsOf(context, comment)]),
    /** @param {Declaration} model @param {At} options */
    memberWithGroups: (model, options) =>
      model.kindOf([ReflectionKind.Interface, ReflectionKind.Class])
        ? container(model, options)
        : memberWithGroups(model, options),
    accessor,
    declaration,
    hierarchy,
    signature,
  }

  /** Members stand in the order in which they were written, which is that of their ids. @param {Declaration} model @param {At} at */
  function container({ comment, typeHierarchy, signatures = [], indexSignatures = [], children = [] }, at) {
    return paragraphs([
      comment && partials.comment(comment),
      typeHierarchy && hierarchy(typeHierarchy),
      ...signatures.map((call) => partials.signatureTitle(call)),
      ...indexSignatures.map((index) => `> ${partials.indexSignature(index)}`),
      ...[...children].sort((a, b) => a.id - b.id).map((child) => partials.memberContainer(child, at)),
    ])
  }

  /** What it builds on, if that can be looked up. @param {import('typedoc').DeclarationHierarchy} model */
  function hierarchy({ types, isTarget }) {
    const known = types.filter(
      (type) => !(type instanceof ReferenceType) || type.reflection || type.package === 'axios',
    )
    return isTarget || known.length === 0 ? '' : `Extends ${known.map(typeOf).join(', ')}.`
  }

  /** @param {Signature} model @param {{ hideTitle?: boolean }} options */
  function signature(model, { hideTitle = false }) {
    const comment = model.comment ?? model.parent.comment
    // Those parameters of which there is something to say that the title does not.
    const told = (model.parameters ?? []).flatMap(({ name, comment }) =>
      comment ? `- \`${name}\`: ${summaryOf(context, comment)}` : [],
    )
    return paragraphs([
      hideTitle ? '' : partials.signatureTitle(model),
      comment && summaryOf(context, comment),
      told.join('\n'),
      comment && tagsOf(context, comment),
    ])
  }

  /** @param {Declaration} model @param {At} at */
  function declaration(model, at) {
    const { comment, type } = model
    const shapes = type instanceof UnionType && type.elementSummaries ? type.types : []
    const summaries = type instanceof UnionType ? (type.elementSummaries ?? []) : []
    const isObject = type instanceof ReflectionType && !type.declaration.signatures
    return paragraphs([
      shapes.length > 0 ? '' : partials.declarationTitle(model),
      comment && summaryOf(context, comment),
      ...shapes.map((shape, index) => variant(shape, summaries[index] ?? [], at)),
      isObject && partials.typeDeclarationContainer(model, type.declaration, at),
      comment && tagsOf(context, comment),
    ])
  }

  /**
   * One of several shapes of a type, under the name by which they are told apart.
   *
   * @param {import('typedoc').SomeType} shape
   * @param {import('typedoc').CommentDisplayPart[]} summary
   * @param {At} at
   */
  function variant(shape, summary, { headingLevel }) {
    const members = shape instanceof ReflectionType ? (shape.declaration.children ?? []) : []
    const name = members.find((member) => member.name === 'type')?.type
    return paragraphs([
      name instanceof LiteralType && `${'#'.repeat(headingLevel)} ${name.value}`,
      `> ${typeOf(shape)}`,
      context.helpers.getCommentParts(summary),
    ])
  }

  /** @param {Declaration} model */
  function accessor({ name, getSignature }) {
    return paragraphs([
      `> **${name}**: ${typeOf(getSignature?.type)}`,
      getSignature?.comment && partials.comment(getSignature.comment),
    ])
  }
}
