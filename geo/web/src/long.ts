/**
 * Of a story with so many events that its list is made line by line: a script that only such a page has, before the page's
 * own and in one scope with it.
 */

export { Lines } from "./ui/line";
export { VirtualList } from "./ui/virtual";
