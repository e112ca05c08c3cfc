/* Asks the browser to print a page that was opened for that. */
print();
