/** The rows of profiles and their versions. */
package dev.berth.history.profile;
