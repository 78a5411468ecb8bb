/**
 * The settings: read once at start-up from the file and the environment, and handed to constructors as {@link
 * ServerConfig}. A section's {@code read} has the key, default and limits of each setting in one line, and refuses a number outside of the
 * limits; its constructor refuses what does not go together. Whoever calls a constructor, as tests do, answers for the numbers.
 */
package dev.berth.config;
