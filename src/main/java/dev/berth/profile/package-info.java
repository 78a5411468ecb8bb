/** Profiles of users: encrypted, in versions, in the object store. */
package dev.berth.profile;
