/** How the program writes its log. Who uses the library chooses that otherwise: only {@code Main} comes here. */
package dev.berth.logging;
