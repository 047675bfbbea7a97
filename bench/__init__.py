"""The figures: how fast our pages are beside the fastest a program of the same kind could be.

Every figure is a ratio measured in one run on one machine, or a count. `make bench` runs all rows,
`python -m bench P1 P4` some of them, `--quick` in short rounds. To add a row, write a function in a module
of `bench/rows/`, put `@row(…)` before it, and name the module in `bench/rows/__init__.py`.
"""
