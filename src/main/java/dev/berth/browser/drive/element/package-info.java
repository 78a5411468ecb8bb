package dev.berth.browser.drive.element;
