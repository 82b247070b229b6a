// What the types of playwright-core name of a browser's world; the tests run in Node.js and use none of it.
type Node = object
type HTMLElement = object
type SVGElement = object
type HTMLElementTagNameMap = object
