import { describe, expect, test } from "vitest";
import { languageOf } from "../../src/project/languages.ts";
import { profileOf } from "../../src/semantics/language-profile.ts";
import { Scope } from "../../src/semantics/scope.ts";

const variable = (id: number) => ({ binds: "variable", id }) as const;

describe("scope", () => {
  const module = new Scope("module", null, 0);
  module.bind("a", variable(1));
  module.bind("$a", variable(2));
  const cls = new Scope("class", module, 0);
  cls.bind("b", variable(3));
  const fn = new Scope("function", cls, 1);
  fn.bind("c", variable(4));
  const block = new Scope("block", fn, 1);

  test("names are looked up outwards, the nearest wins", () => {
    expect(block.lookup("c")).toEqual(variable(4));
    expect(block.lookup("a")).toEqual(variable(1));
    block.bind("a", variable(5));
    expect(block.lookup("a")).toEqual(variable(5));
    expect(fn.lookup("a")).toEqual(variable(1));
    expect(block.lookup("nothing")).toBeNull();
    expect(block.own("c")).toBeNull();
  });

  test("a class body is seen from itself, not from the functions in it", () => {
    expect(cls.lookup("b")).toEqual(variable(3));
    expect(fn.lookup("b")).toBeNull();
  });

  test("the function and the file around a block", () => {
    expect(block.functionScope()).toBe(fn);
    expect(block.moduleScope()).toBe(module);
    expect(module.functionScope()).toBe(module);
  });

  test("a sealed function sees the file's names but not its variables", () => {
    const sealed = new Scope("function", module, 2, true);
    const inner = new Scope("block", sealed, 2);
    expect(inner.lookup("a")).toEqual(variable(1));
    expect(inner.lookup("$a")).toBeNull();
    sealed.bind("$a", variable(6));
    expect(inner.lookup("$a")).toEqual(variable(6));
  });
});

describe("language profiles", () => {
  test.each([
    ["python", { blockScopes: false, assignmentDeclares: true, throws: true, packageScope: false }],
    ["go", { blockScopes: true, assignmentDeclares: false, throws: false, packageScope: true }],
    ["php", { blockScopes: false, assignmentDeclares: true, closuresSeeOuter: false, separateVariables: true }],
    ["javascript", { blockScopes: true, hoistsBlocks: true, loopsClose: true }],
  ] as const)("%s", (language, expected) => {
    expect(profileOf(language)).toMatchObject(expected);
  });

  test("TypeScript binds names as JavaScript does", () => {
    expect(profileOf("typescript")).toEqual(profileOf("javascript"));
  });

  test("languages go by the extension, in any case", () => {
    expect(["a.py", "b/c.GO", "d.phtml", "e.mts", "f.cjs"].map(languageOf)).toEqual(["python", "go", "php", "typescript", "javascript"]);
    expect(["py", "a.", "a.java", "a.constructor", ".py.txt"].map(languageOf)).toEqual([null, null, null, null, null]);
  });
});
