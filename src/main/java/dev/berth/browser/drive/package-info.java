package dev.berth.browser.drive;
