/** Time, as the process lived it. */
package dev.berth.clock;
