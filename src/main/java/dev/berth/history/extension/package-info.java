/** The rows of browser extensions. */
package dev.berth.history.extension;
