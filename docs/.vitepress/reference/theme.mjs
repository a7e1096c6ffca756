// How TypeDoc writes docs/reference: a signature, what the doc comment says, and no more. The theme it comes with gives
// each parameter, default and return type a heading.
import { MarkdownTheme, MarkdownThemeContext } from 'typedoc-plugin-markdown'
import { partialsOf } from './partials.mjs'

/** @param {import('typedoc-plugin-markdown').MarkdownApplication} app */
export function load(app) {
  app.renderer.defineTheme('reference', ReferenceTheme)
  // To who reads it, an interface and a type alias are one thing.
  app.internationalization.addTranslations('en', {
    kind_plural_interface: 'Types',
    kind_plural_type_alias: 'Types',
    kind_plural_class: 'Errors',
  })
}

class ReferenceTheme extends MarkdownTheme {
  /** @override @param {import('typedoc-plugin-markdown').MarkdownPageEvent<import('typedoc').Reflection>} page */
  getRenderContext(page) {
    const context = new MarkdownThemeContext(this, page, this.application.options)
    Object.assign(context.partials, partialsOf(context))
    // Each property is readonly, and `?` says that it is optional.
    context.helpers.getReflectionFlags = () => ''
    return context
  }
}
