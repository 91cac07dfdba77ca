package phone

// The zones as the table names them: one for each way of telling the time.
const (
	eastern  = "America/New_York"
	central  = "America/Chicago"
	mountain = "America/Denver"
	arizona  = "America/Phoenix"
	pacific  = "America/Los_Angeles"
	alaska   = "America/Anchorage"
	aleutian = "America/Adak"
	hawaii   = "Pacific/Honolulu"
	atlantic = "America/Puerto_Rico"
	samoa    = "Pacific/Pago_Pago"
	chamorro = "Pacific/Guam"
)

// domestic is the area codes of the US. An area code that straddles zones has all
// of them, and a row of its own. Sources: NANPA's assignments, held against
// libphonenumber's data in a test; for those that straddle, the counties' zones, 49 CFR part 71.
var domestic = []struct{ state, zones, codes string }{
	{"AL", central, "205 251 256 334 483 659 938"},
	{"AK", alaska + " " + aleutian, "907"},
	{"AZ", arizona, "480 520 602 623"},
	{"AZ", arizona + " " + mountain, "928"}, // the Navajo Nation moves its clocks
	{"AR", central, "327 479 501 870"},
	{"CA", pacific, "209 213 279 310 323 341 350 369 408 415 424 442 510 530 559 562 619 626 628 650 657 661 669 " +
		"707 714 738 747 760 805 818 820 831 837 840 858 909 916 925 949 951"},
	{"CO", mountain, "303 719 720 748 970 983"},
	{"CT", eastern, "203 475 860 959"},
	{"DE", eastern, "302"},
	{"DC", eastern, "202 771"},
	{"FL", eastern, "239 305 321 324 352 386 407 561 645 656 689 727 728 754 772 786 813 863 904 941 954"},
	{"FL", eastern + " " + central, "448 850"},
	{"GA", eastern, "229 404 470 478 678 706 762 770 912 943"},
	{"HI", hawaii, "808"},
	{"ID", mountain + " " + pacific, "208 986"},
	{"IL", central, "217 224 309 312 331 447 464 618 630 708 730 773 779 815 847 861 872"},
	{"IN", eastern, "260 317 463 765"},
	{"IN", eastern + " " + central, "219 574 812 930"},
	{"IA", central, "319 515 563 641 712"},
	{"KS", central, "316 913"},
	{"KS", central + " " + mountain, "620 785"},
	{"KY", eastern, "502 859"},
	{"KY", eastern + " " + central, "270 364 606"},
	{"LA", central, "225 318 337 457 504 985"},
	{"ME", eastern, "207"},
	{"MD", eastern, "227 240 301 410 443 667"},
	{"MA", eastern, "339 351 413 508 617 774 781 857 978"},
	{"MI", eastern, "231 248 269 313 517 586 616 679 734 810 947 989"},
	{"MI", eastern + " " + central, "906"},
	{"MN", central, "218 320 507 612 651 763 924 952"},
	{"MS", central, "228 471 601 662 769"},
	{"MO", central, "235 314 417 557 573 636 660 816 975"},
	{"MT", mountain, "406"},
	{"NE", central, "402 531"},
	{"NE", central + " " + mountain, "308"},
	{"NV", pacific, "702 725"},
	{"NV", pacific + " " + mountain, "775"}, // West Wendover
	{"NH", eastern, "603"},
	{"NJ", eastern, "201 551 609 640 732 848 856 862 908 973"},
	{"NM", mountain, "505 575"},
	{"NY", eastern, "212 315 329 332 347 363 516 518 585 607 624 631 646 680 716 718 838 845 914 917 929 934"},
	{"NC", eastern, "252 336 472 704 743 828 910 919 980 984"},
	{"ND", central + " " + mountain, "701"},
	{"OH", eastern, "216 220 234 283 326 330 380 419 436 440 513 567 614 740 937"},
	{"OK", central, "405 539 572 580 918"},
	{"OR", pacific, "503 971"},
	{"OR", pacific + " " + mountain, "458 541"},
	{"PA", eastern, "215 223 267 272 412 445 484 570 582 610 717 724 814 835 878"},
	{"RI", eastern, "401"},
	{"SC", eastern, "803 821 839 843 854 864"},
	{"SD", central + " " + mountain, "605"},
	{"TN", central, "615 629 731 901"},
	{"TN", eastern, "865"},
	{"TN", eastern + " " + central, "423 729 931"},
	{"TX", central, "210 214 254 281 325 346 361 409 430 432 469 512 621 682 713 726 737 806 817 830 832 903 936 " +
		"940 945 956 972 979"},
	{"TX", mountain, "915"},
	{"UT", mountain, "385 435 801"},
	{"VT", eastern, "802"},
	{"VA", eastern, "276 434 540 571 686 703 757 804 826 948"},
	{"WA", pacific, "206 253 360 425 509 564"},
	{"WV", eastern, "304 681"},
	{"WI", central, "262 274 353 414 534 608 715 920"},
	{"WY", mountain, "307"},

	{"PR", atlantic, "787 939"},
	{"VI", atlantic, "340"},
	{"GU", chamorro, "671"},
	{"MP", chamorro, "670"},
	{"AS", samoa, "684"},
}

// abroad is who else has +1.
var abroad = []struct{ country, codes string }{
	{"CA", "204 226 236 249 250 257 263 289 306 343 354 365 367 368 382 403 416 418 428 431 437 438 450 468 474 " +
		"506 514 519 548 579 581 584 587 " +
		"604 613 639 647 672 683 705 709 742 753 778 780 782 807 819 825 867 873 879 902 905 942 600 622 633 644 655 " +
		"677 688"},
	{"AG", "268"}, {"AI", "264"}, {"BB", "246"}, {"BM", "441"}, {"BS", "242"}, {"DM", "767"}, {"DO", "809 829 849"},
	{"GD", "473"}, {"JM", "658 876"}, {"KN", "869"}, {"KY", "345"}, {"LC", "758"}, {"MS", "664"}, {"SX", "721"},
	{"TC", "649"}, {"TT", "868"}, {"VC", "784"}, {"VG", "284"},
}

// placeless is the codes that are no place.
var placeless = []struct {
	kind  AreaKind
	codes string
}{
	{AreaTollfree, "800 833 844 855 866 877 888"},
	{AreaPremium, "900"},
	{AreaNowhere, "500 521 522 523 524 525 526 527 528 529 532 533 538 542 543 544 545 546 547 549 550 552 553 554 " +
		"556 566 569 577 578 588 589 700 710"},
	{AreaService, "211 311 411 511 611 711 811 911"},
}
