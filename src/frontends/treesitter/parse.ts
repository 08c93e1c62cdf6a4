import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { Language, Parser, type TreeCursor } from "web-tree-sitter";
import { ParseTimeout } from "../frontend.ts";
import type { CstNode } from "./cst.ts";

export type Grammar = "python" | "go" | "php";

let runtime: Promise<void> | null = null;

/** Finds a `.wasm` file: beside the built program, or in the package that ships it when run from source. */
function locate(file: string, packageName: string): string {
  const built = fileURLToPath(new URL(`./grammars/${file}`, import.meta.url));
  return existsSync(built) ? built : createRequire(import.meta.url).resolve(`${packageName}/${file}`);
}

/** What a grammar says of its node types and fields, by id: reading ids and looking them up here spares string copies out of WebAssembly. */
interface Tables {
  readonly types: readonly string[];
  readonly namedTypes: readonly boolean[];
  readonly fields: readonly (string | null)[];
}

function tablesOf(language: Language): Tables {
  const types: string[] = [];
  const namedTypes: boolean[] = [];
  for (let id = 0; id < language.nodeTypeCount; id++) {
    types.push(language.nodeTypeForId(id) ?? "ERROR");
    namedTypes.push(language.nodeTypeIsNamed(id));
  }
  const fields: (string | null)[] = [];
  for (let id = 0; id <= language.fieldCount; id++) fields.push(id === 0 ? null : language.fieldNameForId(id));
  return { types, namedTypes, fields };
}

/** One grammar, ready to parse. Not shared between threads. */
export class GrammarParser {
  readonly #parser: Parser;
  readonly #tables: Tables;

  private constructor(parser: Parser, tables: Tables) {
    this.#parser = parser;
    this.#tables = tables;
  }

  /** Loads the runtime (once per thread) and the grammar. */
  static async load(grammar: Grammar): Promise<GrammarParser> {
    runtime ??= Parser.init({ locateFile: () => locate("web-tree-sitter.wasm", "web-tree-sitter") });
    await runtime;
    const language = await Language.load(locate(`tree-sitter-${grammar}.wasm`, `tree-sitter-${grammar}`));
    const parser = new Parser();
    parser.setLanguage(language);
    return new GrammarParser(parser, tablesOf(language));
  }

  /**
   * @param deadline `performance.now()` after which parsing gives up
   * @returns the concrete syntax tree as plain data
   * @throws ParseTimeout when the deadline passed
   */
  parse(text: string, deadline: number): CstNode {
    const tree = this.#parser.parse(text, null, { progressCallback: () => performance.now() > deadline });
    if (tree === null) {
      this.#parser.reset();
      throw new ParseTimeout("parsing took too long");
    }
    // Every tree must be given back: the module's memory has a hard limit and is never compacted.
    const cursor = tree.walk();
    try {
      return readTree(cursor, this.#tables, tree.rootNode.hasError);
    } finally {
      cursor.delete();
      tree.delete();
    }
  }
}

interface OpenNode extends CstNode {
  readonly children: OpenNode[];
}

/** @param repaired the parser made up nodes somewhere, so an anonymous node may have no text */
function readNode(cursor: TreeCursor, tables: Tables, repaired: boolean): OpenNode {
  const id = cursor.nodeTypeId;
  const type = tables.types[id] ?? "ERROR";
  const named = tables.namedTypes[id] ?? true;
  const start = cursor.startIndex;
  // An anonymous node's type is its text: its end need not be asked for.
  const end = named || repaired ? cursor.endIndex : start + type.length;
  return {
    type,
    named,
    field: tables.fields[cursor.currentFieldId] ?? null,
    start,
    end,
    children: [],
    missing: repaired && start === end && cursor.nodeIsMissing,
  };
}

/** Walks without recursion: nesting depth is the input's to choose. */
function readTree(cursor: TreeCursor, tables: Tables, repaired: boolean): CstNode {
  const root = readNode(cursor, tables, repaired);
  const path: OpenNode[] = [root];
  let node = root;
  for (;;) {
    // Anonymous nodes are leaves.
    if (node.named && cursor.gotoFirstChild()) {
      const next = readNode(cursor, tables, repaired);
      node.children.push(next);
      path.push(next);
      node = next;
      continue;
    }
    while (!cursor.gotoNextSibling()) {
      path.pop();
      if (!cursor.gotoParent() || path.length === 0) return root;
    }
    path.pop();
    const parent = path[path.length - 1]!;
    const next = readNode(cursor, tables, repaired);
    parent.children.push(next);
    path.push(next);
    node = next;
  }
}
