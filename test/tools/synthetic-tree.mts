import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** A file of a generated project: how it is called and what stands in its n-th copy. */
interface Template {
  readonly path: (n: number) => string;
  /** A function that queries, opens or requests something. */
  readonly unit: (n: number, k: number) => string;
  /** A function that only computes, with the comments that real code has: most are of this kind. */
  readonly plain: (n: number, k: number) => string;
  readonly head: (n: number) => string;
}

const templates: readonly Template[] = [
  {
    path: (n) => `api/app/service_${n}.py`,
    head: (n) =>
      `import json\nimport logging\nimport requests\nfrom sqlalchemy.orm import Session\nfrom .service_${Math.max(0, n - 1)} import load_orders_0\n\nlog = logging.getLogger(__name__)\n_cache = {}\n`,
    plain: (_, k) =>
      `\n\ndef price_${k}(amount: float, currency: str = "EUR", discount: float | None = None) -> float:\n    """The price a customer pays.\n\n    Discounts never make it negative, and cents are rounded half up,\n    which is what the invoices show.\n    """\n    # Old orders carry no discount at all.\n    if discount is None:\n        discount = 0.0\n\n    if amount < 0:\n        raise ValueError(f"negative amount: {amount}")\n\n    factor = 1.0 if currency == "EUR" else ${k}.07\n    total = amount * factor * (1 - discount)\n\n    # Rounding comes last.\n    return max(0.0, round(total, 2))\n`,
    unit: (n, k) =>
      `\n\ndef load_orders_${k}(session: Session, ids: list[int]) -> list[dict]:\n    """Orders of some customers."""\n    found = []\n    for one in ids:\n        if one in _cache:\n            found.append(_cache[one])\n            continue\n        try:\n            row = session.execute("select * from orders where id = :id", {"id": one}).first()\n        except ValueError as error:\n            log.warning("order %s: %s", one, error)\n            continue\n        if row is not None and row.total > ${k}:\n            found.append({"id": row.id, "total": row.total, "label": f"order {row.id}"})\n    with open(f"/var/lib/app/export_${n}_${k}.json", "w") as target:\n        json.dump(found, target)\n    return found\n`,
  },
  {
    path: (n) => `worker/internal/jobs${n}/jobs.go`,
    head: (n) =>
      `package jobs${n}\n\nimport (\n\t"context"\n\t"database/sql"\n\t"fmt"\n\t"net/http"\n)\n\ntype Store struct {\n\tdb     *sql.DB\n\tclient *http.Client\n}\n`,
    plain: (_, k) =>
      `\n// Price${k} is the price a customer pays.\n//\n// Discounts never make it negative, and cents are rounded half up, which is\n// what the invoices show.\nfunc Price${k}(amount float64, currency string, discount float64) (float64, error) {\n\t// Old orders carry no amount at all.\n\tif amount < 0 {\n\t\treturn 0, fmt.Errorf("negative amount: %f", amount)\n\t}\n\n\tfactor := 1.0\n\tif currency != "EUR" {\n\t\tfactor = ${k}.07\n\t}\n\n\ttotal := amount * factor * (1 - discount)\n\tif total < 0 {\n\t\ttotal = 0\n\t}\n\n\treturn total, nil\n}\n`,
    unit: (_, k) =>
      `\n// Load${k} reads the rows of one customer.\nfunc (s *Store) Load${k}(ctx context.Context, ids []int64) ([]string, error) {\n\tvar names []string\n\tfor _, id := range ids {\n\t\trows, err := s.db.QueryContext(ctx, "select name from customers where id = $1", id)\n\t\tif err != nil {\n\t\t\treturn nil, fmt.Errorf("load %d: %w", id, err)\n\t\t}\n\t\tfor rows.Next() {\n\t\t\tvar name string\n\t\t\tif err := rows.Scan(&name); err != nil {\n\t\t\t\trows.Close()\n\t\t\t\treturn nil, err\n\t\t\t}\n\t\t\tnames = append(names, name)\n\t\t}\n\t\trows.Close()\n\t}\n\tresp, err := s.client.Get("https://example.com/${k}")\n\tif err != nil {\n\t\treturn nil, err\n\t}\n\tdefer resp.Body.Close()\n\treturn names, nil\n}\n`,
  },
  {
    path: (n) => `shop/src/Service/Orders${n}.php`,
    head: (n) =>
      `<?php\n\ndeclare(strict_types=1);\n\nnamespace App\\Service;\n\nuse PDO;\n\nfinal class Orders${n}\n{\n    private array $seen = [];\n\n    public function __construct(private readonly PDO $db)\n    {\n    }\n`,
    plain: (_, k) =>
      `\n    /**\n     * The price a customer pays.\n     *\n     * Discounts never make it negative, and cents are rounded half up, which\n     * is what the invoices show.\n     */\n    public function price${k}(float $amount, string $currency = 'EUR', ?float $discount = null): float\n    {\n        // Old orders carry no discount at all.\n        $discount ??= 0.0;\n\n        if ($amount < 0) {\n            throw new \\InvalidArgumentException("negative amount: $amount");\n        }\n\n        $factor = $currency === 'EUR' ? 1.0 : ${k}.07;\n        $total = $amount * $factor * (1 - $discount);\n\n        return max(0.0, round($total, 2));\n    }\n`,
    unit: (_, k) =>
      `\n    /** @return array<int, string> */\n    public function load${k}(array $ids): array\n    {\n        $names = [];\n        foreach ($ids as $id) {\n            if (isset($this->seen[$id])) {\n                continue;\n            }\n            $statement = $this->db->prepare('select name from orders where id = ?');\n            $statement->execute([$id]);\n            $row = $statement->fetch(PDO::FETCH_ASSOC);\n            if ($row !== false) {\n                $names[$id] = sprintf('%s #%d', $row['name'], $id);\n            }\n        }\n        $file = fopen('/tmp/export${k}.csv', 'w');\n        fputcsv($file, $names);\n        fclose($file);\n        return $names;\n    }\n`,
  },
  {
    path: (n) => `web/src/service${n}.ts`,
    head: (n) =>
      `import { readFile } from "node:fs/promises";\nimport { Pool } from "pg";\nimport { load0 as before } from "./service${Math.max(0, n - 1)}";\n\nconst pool = new Pool();\nconst seen = new Map<string, number>();\nexport const first = before;\n\ninterface Row {\n  id: string;\n  total: number;\n}\n`,
    plain: (_, k) =>
      `\n/**\n * The price a customer pays.\n *\n * Discounts never make it negative, and cents are rounded half up, which is\n * what the invoices show.\n */\nexport function price${k}(amount: number, currency = "EUR", discount = 0): number {\n  // Old orders carry no amount at all.\n  if (amount < 0) {\n    throw new Error(\`negative amount: \${amount}\`);\n  }\n\n  const factor = currency === "EUR" ? 1 : ${k}.07;\n  const total = amount * factor * (1 - discount);\n\n  return Math.max(0, Math.round(total * 100) / 100);\n}\n`,
    unit: (_, k) =>
      `\nexport async function load${k}(ids: readonly string[]): Promise<Row[]> {\n  const rows: Row[] = [];\n  for (const id of ids) {\n    const known = seen.get(id);\n    if (known !== undefined && known > ${k}) continue;\n    const result = await pool.query<Row>("select id, total from orders where id = $1", [id]);\n    for (const row of result.rows) {\n      rows.push({ ...row, total: row.total * 2 });\n      seen.set(row.id, row.total);\n    }\n  }\n  const extra = JSON.parse(await readFile("extra${k}.json", "utf8")) as Row[];\n  return rows.concat(extra.filter((row) => row.total > 0)).sort((a, b) => a.total - b.total);\n}\n`,
  },
  {
    path: (n) => `tools/lib/task${n}.js`,
    head: () => `const { spawn } = require("node:child_process");\nconst axios = require("axios");\n\nconst listeners = [];\n`,
    plain: (_, k) =>
      `\n/**\n * The price a customer pays.\n *\n * Discounts never make it negative, and cents are rounded half up, which is\n * what the invoices show.\n */\nfunction price${k}(amount, currency = "EUR", discount = 0) {\n  // Old orders carry no amount at all.\n  if (amount < 0) {\n    throw new Error("negative amount: " + amount);\n  }\n\n  const factor = currency === "EUR" ? 1 : ${k}.07;\n  const total = amount * factor * (1 - discount);\n\n  return Math.max(0, Math.round(total * 100) / 100);\n}\n`,
    unit: (_, k) =>
      `\nasync function run${k}(urls, options = {}) {\n  const found = [];\n  for (const url of urls) {\n    try {\n      const { data } = await axios.get(url, { timeout: options.timeout ?? 5000 });\n      found.push(...data.items.map((item) => ({ id: item.id, label: \`\${item.name} ${k}\` })));\n    } catch (error) {\n      console.error(url, error.message);\n    }\n  }\n  const child = spawn("sort", ["-u"]);\n  child.stdout.on("data", (chunk) => listeners.push(String(chunk)));\n  child.stdin.end(found.map((one) => one.label).join("\\n"));\n  return found;\n}\n\nmodule.exports.run${k} = run${k};\n`,
  },
];

const UNITS_PER_FILE = 9;

/**
 * Writes a project in five languages.
 * @returns the number of lines written: `lines` or a little more
 */
export function writeSyntheticTree(folder: string, lines: number): number {
  let written = 0;
  writeAt(folder, "worker/go.mod", "module example.com/worker\n\ngo 1.22\n");
  for (let n = 0; written < lines; n++) {
    for (const { path, head, unit, plain } of templates) {
      let text = head(n);
      for (let k = 0; k < UNITS_PER_FILE; k++) text += k % 3 === 0 ? unit(n, k) : plain(n, k);
      if (path(n).endsWith(".php")) text += "}\n";
      writeAt(folder, path(n), text);
      written += text.split("\n").length - 1;
    }
  }
  return written;
}

function writeAt(folder: string, path: string, text: string): void {
  const absolute = join(folder, path);
  mkdirSync(dirname(absolute), { recursive: true });
  writeFileSync(absolute, text);
}
