/** The report of a session, as a text for agents and people. Pure: it reads records and gives text, on whatever thread calls it. */
package dev.berth.report;
