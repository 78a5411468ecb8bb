/**
 * WebDriver: a chromedriver for each session that a client of Selenium asks for, whose Chrome is a CDP client of the session. Any event loop
 * may call; each driver has the context of the request that made it.
 */
package dev.berth.webdriver;
