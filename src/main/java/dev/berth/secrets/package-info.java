/**
 * The secrets that are hidden in logs, models and answers: values of task variables, and secret fields of bodies. Pure, but for
 * {@link dev.berth.secrets.HiddenTexts}.
 */
package dev.berth.secrets;
