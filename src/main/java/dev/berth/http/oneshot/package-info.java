/**
 * One-shots: a session that is made for one answer, and ends with it. {@link dev.berth.http.oneshot.OneShotRun} carries out a {@link
 * dev.berth.http.oneshot.OneShot}, in whatever form it was asked for; the other classes are the contract's form. On the event loop of
 * the request.
 */
package dev.berth.http.oneshot;
