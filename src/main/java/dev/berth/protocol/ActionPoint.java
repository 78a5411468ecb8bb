package dev.berth.protocol;

/**
 * Where an action met an element, in CSS pixels from the top left of the page's viewport.
 *
 * @param viewportWidth of the viewport at that moment; 0 where it is not known, as for an element in an iframe
 * @param viewportHeight likewise
 */
public record ActionPoint(double x, double y, int viewportWidth, int viewportHeight) {}
