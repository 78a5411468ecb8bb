package dev.berth.browser.watch.network;
