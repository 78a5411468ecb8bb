/** A session as a report, and as a ZIP of all that is kept of it. */
package dev.berth.http.export;
