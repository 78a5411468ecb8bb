/** The actor: one verticle is one session is one Chrome. */
package dev.berth.session;
