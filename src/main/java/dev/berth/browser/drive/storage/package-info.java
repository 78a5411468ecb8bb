/** What a browser has stored: its cookies, and what origins have, read and set in a page that nobody sees. */
package dev.berth.browser.drive.storage;
