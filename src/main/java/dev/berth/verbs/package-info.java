package dev.berth.verbs;
