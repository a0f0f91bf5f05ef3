"""What a month comes to: to invoice, not counted and why; as a page and as a file.

- what there is: `lines` has the cycles that ended in the month, `uncounted` what is on no invoice,
  `rates` the fee by the hours that were drawn
- as pages: `page` makes finished strings of the cycles, `views` has the addresses
- what is done: `acts` issues statements, marks cycles as invoiced, closes the month, and takes these back
- as files: `sheet` is the CSV for accounting, `stated` the statements as PDF
"""
