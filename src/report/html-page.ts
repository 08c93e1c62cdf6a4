import { splitQuoted, visible } from "./format.ts";
import { escapeMarkup } from "./markup.ts";
import { STYLESHEET } from "./html-stylesheet.ts";

/** A finished piece of HTML, or text that is escaped when it is put in. A plain string is neither, so that nothing goes in unescaped by mistake. */
export type Html = { readonly html: string } | { readonly text: string };

/** A whole page. */
export interface Page {
  readonly lang: string;
  readonly title: string;
  readonly body: readonly Html[];
}

/**
 * An element with its content.
 *
 * @param tag its name, with classes behind dots: `span.high`
 * @param attributes values are escaped
 */
export function element(tag: string, content: readonly Html[], attributes: Readonly<Record<string, string>> = {}): Html {
  const [name = "", ...classes] = tag.split(".");
  const all = classes.length === 0 ? attributes : { class: classes.join(" "), ...attributes };
  const written = Object.entries(all).map(([key, value]) => ` ${key}="${escapeMarkup(value)}"`);
  return { html: `<${name}${written.join("")}>${content.map(render).join("")}</${name}>` };
}

/** A sentence of a finding: the elements it names in 'single quotes' become code. */
export function proseHtml(text: string): Html {
  const parts = splitQuoted(visible(text));
  return { html: parts.map((part, index) => (index % 2 === 1 ? `<code>${escapeMarkup(part)}</code>` : escapeMarkup(part))).join("") };
}

/** A table: headings and cells, numbers to the right. */
export function tableHtml(headings: readonly string[], rows: readonly (readonly Html[])[], numeric: ReadonlySet<number>): Html {
  const tagOf = (name: string, index: number) => (numeric.has(index) ? `${name}.number` : name);
  return element("table", [
    element("thead", [
      element(
        "tr",
        headings.map((heading, index) => element(tagOf("th", index), [{ text: heading }])),
      ),
    ]),
    element(
      "tbody",
      rows.map((row) =>
        element(
          "tr",
          row.map((cell, index) => element(tagOf("td", index), [cell])),
        ),
      ),
    ),
  ]);
}

/** The document around the body. */
export function page({ lang, title, body }: Page): string {
  return [
    "<!doctype html>",
    `<html lang="${escapeMarkup(lang)}">`,
    "<head>",
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escapeMarkup(title)}</title>`,
    `<style>\n${STYLESHEET}</style>`,
    "</head>",
    "<body>",
    ...body.map(render),
    "</body>",
    "</html>",
    "",
  ].join("\n");
}

function render(piece: Html): string {
  return "html" in piece ? piece.html : escapeMarkup(visible(piece.text));
}
