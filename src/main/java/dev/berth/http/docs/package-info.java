/**
 * The documentation for users, as pages at {@code /docs}, and the reference of the API beside it. The sources are the Markdown
 * files of {@code src/docs}, which the jar contains.
 */
package dev.berth.http.docs;
