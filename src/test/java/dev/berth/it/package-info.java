/**
 * Tests of the whole server from outside: real Chrome, Postgres, S3 protocol and sockets, against a site that the tests
 * serve.
 */
package dev.berth.it;
