/**
 * The settings: read once at start-up from the file and the environment, and handed to constructors as {@link
 * ServerConfig}. A section's {@code read} has the key, default and limits of each setting in one line; its constructor refuses what does not
 * go together.
 */
package dev.berth.config;
