/** Pages for people, as static files of the class path. Their scripts are clients of the public API alone. */
package dev.berth.http.pages;
