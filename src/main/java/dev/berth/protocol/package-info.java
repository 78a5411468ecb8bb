package dev.berth.protocol;
