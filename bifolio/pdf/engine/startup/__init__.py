"""Imports WeasyPrint quickly: it calls no compiler, and parses neither C declarations nor stylesheets."""
