/**
 * The settings: read once at start-up from the file and the environment, validated, and handed to constructors as
 * {@link ServerConfig}.
 */
package dev.berth.config;
