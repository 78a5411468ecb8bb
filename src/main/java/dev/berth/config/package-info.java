/** The settings: read once at start-up, from file and then environment, validated, and handed to constructors. */
package dev.berth.config;
