/**
 * Snapshots: a page described as text for a model, and the refs in it. They join Chrome's own accessibility tree (names and roles as
 * assistive technology gets them) with its layout. Lives on the browser's context; describing runs on worker threads.
 *
 * <p>The other way is a script that is injected into each document, such as that of Playwright's AI mode. Both were measured side by
 * side on 20 pages of third-party libraries ({@code src/test/clients/snapshots.mjs}):
 *
 * <ul>
 *   <li>Size: these snapshots have 0.6 times the characters (0.1 to 0.9 a page), which a model pays for at each step.
 *   <li>Refs: 520, of which all can be used; nothing that can be clicked has none. The script gives 1,150, to all that is visible. It
 *       sees neither which elements have listeners nor what is in closed shadow roots; Chrome tells both.
 *   <li>Time: the script is two to three times as fast. It takes 6 to 20 ms, the description here 6 to 55. Nine tenths of that are
 *       Chrome's answers: the tree 2 to 25, the layout 3 to 30, of which the sizes of what scrolls are up to 12.
 * </ul>
 *
 * <p>A model takes seconds for a step, so its tokens decide, and not these milliseconds. Besides, the script is an internal part of a
 * download of 200 MB, and has no stable interface.
 */
package dev.berth.browser.drive.snapshot;
