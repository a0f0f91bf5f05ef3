"""The staff pages of imports: upload, preview, publish, undo; and the address for programs that drop files off."""
