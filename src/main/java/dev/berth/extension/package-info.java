/** The browser extensions of users: checked when a user gives them, kept in the object store, fetched for sessions that ask for them. */
package dev.berth.extension;
