package dev.berth.browser.watch.page;

/**
 * An iframe that has a process, and so a CDP target, of its own.
 *
 * @param targetId its frame id, too
 * @param sessionId the eyes' CDP session of it
 */
public record CrossSiteFrame(String targetId, String sessionId) {}
