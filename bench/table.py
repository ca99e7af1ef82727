# SPDX-License-Identifier: ISC
"""Tables of text, aligned."""


def show(rows, left=(0,)):
    """Prints rows of strings; columns are flush right but for those in `left`."""
    widths = [max(len(row[i]) for row in rows if i < len(row)) for i in range(max(map(len, rows)))]
    for row in rows:
        cells = [cell.ljust(widths[i]) if i in left else cell.rjust(widths[i]) for i, cell in enumerate(row)]
        print("  " + "  ".join(cells).rstrip())
