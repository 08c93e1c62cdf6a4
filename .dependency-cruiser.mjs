/** Import directions: each rule is an arrow of the design that must not be drawn. `npm run layers` checks them. */
const only = (name, comment, from, allowed) => ({
  name,
  comment,
  severity: "error",
  from: { path: `^${from}/` },
  to: { path: "^(src|rules)/", pathNot: [`^${from}/`, ...allowed.map((folder) => `^${folder}`)] },
});

export default {
  forbidden: [
    {
      name: "no-cycles",
      comment: "Files that need each other are one file, or lack a third. Recursive descent over a tree is recursive by nature.",
      severity: "error",
      from: { pathNot: "^src/(frontends|facts/lowering)/" },
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    only("ast-stands-alone", "The shared AST is the language that all others speak.", "src/ast", []),
    only("findings-know-only-languages", "Rules, engine and reports share these words; they name nobody else's.", "src/findings", ["src/ast/nodes.ts"]),
    only("frontends-see-ast", "A frontend knows nothing of rules, models or other files.", "src/frontends", ["src/ast/"]),
    {
      name: "frontends-never-meet",
      comment: "What two frontends share lies in treesitter/ or in the AST.",
      severity: "error",
      from: { path: "^src/frontends/(python|go|php|typescript)/" },
      to: { path: "^src/frontends/(python|go|php|typescript)/", pathNot: "^src/frontends/$1/" },
    },
    only("flow-sees-ast", "Control flow is a matter of the shared AST.", "src/flow", ["src/ast/"]),
    only("semantics-see-ast-and-flow", "Names, types and models serve facts and program.", "src/semantics", ["src/ast/", "src/flow/"]),
    only("facts-see-one-file", "Phase 1 knows one file: no program, no rules.", "src/facts", ["src/ast/", "src/flow/", "src/semantics/"]),
    only("program-sees-facts", "Phase 2 sees facts, never trees or parsers.", "src/program", [
      "src/facts/",
      "src/flow/",
      "src/semantics/",
      "src/findings/",
      "src/ast/(nodes|assert-never)\\.ts",
    ]),
    only("analyses-see-program", "Analyses answer questions about the program; they report nothing.", "src/analyses", [
      "src/program/",
      "src/facts/",
      "src/flow/",
      "src/semantics/",
      "src/findings/",
      "src/ast/(nodes|assert-never)\\.ts",
    ]),
    only("rules-see-analyses", "A rule knows nothing of languages, parsers or output formats.", "rules", [
      "src/analyses/",
      "src/program/",
      "src/semantics/models/model\\.ts",
      "src/findings/",
      "src/flow/",
      "src/ast/assert-never\\.ts",
    ]),
    only("reports-see-findings", "A report sees findings only.", "src/report", ["src/findings/", "src/ast/assert-never\\.ts"]),
    only("project-sees-findings", "Which files and settings: nothing of what is found in them.", "src/project", [
      "src/findings/",
      "src/ast/nodes\\.ts",
      "src/semantics/models/diagnostic\\.ts",
    ]),
    only("engine-names-nothing-concrete", "The engine is handed frontends, rules and reports; only the CLI names them.", "src/engine", [
      "src/project/",
      "src/facts/(?:file-facts|encode)\\.ts",
      "src/findings/",
      "src/frontends/frontend\\.ts",
      "src/ast/",
    ]),
    {
      name: "nobody-sees-cli",
      comment: "The composition root composes; nothing builds on it.",
      severity: "error",
      from: { pathNot: "^src/cli/" },
      to: { path: "^src/cli/" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { extensions: [".ts", ".mts", ".js", ".mjs"] },
  },
};
