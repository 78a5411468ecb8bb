/**
 * The paths of WebDriver, as those of Selenium Grid: capabilities become options of the contract, errors get the codes of W3C. {@link
 * dev.berth.http.webdriver.WebDriverPaths} is the table of paths. On the event loop of the request.
 */
package dev.berth.http.webdriver;
