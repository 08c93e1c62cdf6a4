/** Type expressions as the source writes them, reduced to the shapes that ownership and lifetimes depend on. */
export interface TypeNode {
  /** What the outermost layer of the type is. */
  readonly shape: TypeShape;
  /**
   * For `named`: the name as written with `.` between its parts (`http.Client`, `Optional`, `App.Models.User`), without generic
   * arguments. Empty for other shapes.
   */
  readonly name: string;
  /**
   * Generic arguments of a named type; element of pointer, list, nullable and chan; key and value of map; members of union and tuple;
   * parameter-less result of func (last entry) where it is written.
   */
  readonly args: readonly TypeNode[];
  /** For inline structs and object types: the fields. */
  readonly fields?: readonly TypeField[];
  readonly start: number;
  readonly end: number;
}

export type TypeShape = "named" | "pointer" | "list" | "map" | "chan" | "func" | "union" | "nullable" | "tuple" | "struct" | "interface" | "unknown";

/** One field of an inline struct, interface or object type. */
export interface TypeField {
  readonly name: string;
  readonly type: TypeNode;
}
