/**
 * Of a story with so many events that its list is made line by line, or so many marks or lines that near ones are drawn as
 * one: a script that only such a page has, before the page's own and in one scope with it.
 */

export { Many } from "./many/many";
export { linesOf } from "./ui/line";
export { VirtualList } from "./ui/virtual";
